/** A command in this process: cheaper than one of its own, for a stack at rest (the environment is shared with its functions). */
import { vi } from 'vitest';
import { main } from '../../cli/main.ts';
import type { Called } from './tokenwright.ts';

/** Calls a command and keeps what it prints. */
export async function callHere(...args: string[]): Promise<Called> {
  const [out, err] = [process.stdout, process.stderr].map((stream) => vi.spyOn(stream, 'write').mockReturnValue(true));
  const textOf = (spy: typeof out) => spy?.mock.calls.map(([text]) => String(text)).join('') ?? '';
  try {
    return { code: await main(args), stdout: textOf(out), stderr: textOf(err) };
  } finally {
    out?.mockRestore();
    err?.mockRestore();
  }
}
