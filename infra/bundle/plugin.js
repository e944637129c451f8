/**
 * Gives `osls package` and `osls deploy` a package for each function: its bundle, zipped. A plugin and not a script
 * before them, so that nothing can be deployed that was not built from this tree.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundle } from './bundle.ts';
import { zip } from './zip.ts';

export default class BundlePlugin {
  constructor(serverless) {
    this.serverless = serverless;
    this.hooks = {
      'before:package:createDeploymentArtifacts': () => this.packageAll(),
      'before:package:function:package': () => this.packageAll(),
    };
  }

  async packageAll() {
    const { service, serviceDir } = this.serverless;
    const folder = join(serviceDir, '.serverless');
    await mkdir(folder, { recursive: true });
    const lambdas = service.getAllFunctions().map((name) => service.getFunction(name));
    const bundles = await bundle(
      lambdas.map(({ handler }) => handler),
      serviceDir,
    );
    for (const [index, lambda] of lambdas.entries()) {
      const artifact = join(folder, `${lambda.name}.zip`);
      await writeFile(artifact, zip(bundles[index]));
      lambda.package = { artifact };
    }
  }
}
