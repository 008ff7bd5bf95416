import { isAbsolute, relative } from 'node:path';
import type { Problem } from './problem.js';

/** Names files as seen from the plugin's folder, wherever the fault was found in it. */
export function relativeProblems(problems: readonly Problem[], folder: string): Problem[] {
  return problems.map((problem) => {
    const file = isAbsolute(problem.file) ? relative(folder, problem.file).replaceAll('\\', '/') : problem.file;
    return { ...problem, file, message: problem.message.replaceAll(`${folder}/`, '') };
  });
}
