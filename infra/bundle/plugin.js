/**
 * Gives `osls package` and `osls deploy` a package for each function: its bundle, zipped. It is a plugin and not a
 * script to be run before, so that only what was built from this tree can be deployed. Wrong parameters are refused
 * first.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundle } from './bundle.ts';
import { zip } from './zip.ts';

export default class BundlePlugin {
  constructor(serverless) {
    this.serverless = serverless;
    this.hooks = {
      initialize: () => this.checkParameters(),
      'before:package:createDeploymentArtifacts': () => this.packageAll(),
      'before:package:function:package': () => this.packageAll(),
    };
  }

  checkParameters() {
    const { classes, service } = this.serverless;
    if (service.custom.problem !== '') throw new classes.Error(service.custom.problem, 'BAD_PARAMETER');
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
