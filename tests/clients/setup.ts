// One hub for all files.
import type { TestProject } from 'vitest/node';
import { startHub, type Hub } from './hub';

declare module 'vitest' {
  export interface ProvidedContext {
    hub: Hub;
  }
}

export default async function setup(project: TestProject) {
  const { stop, ...hub } = await startHub();
  project.provide('hub', hub);
  return async () => {
    const code = await stop();
    if (code !== 0) throw new Error(`the hub ended with ${code}`);
  };
}
