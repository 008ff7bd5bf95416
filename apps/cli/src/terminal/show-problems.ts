import { placeOf, type Problem } from '../problems/problem.js';
import type { Colors } from './terminal.js';

/** Problems for a person: the place, what is wrong, and below it what to do. */
export function showProblems(problems: readonly Problem[], colors: Colors): string {
  return problems
    .map((problem) => {
      const label = problem.severity === 'error' ? colors.red('error') : colors.yellow('warning');
      const place = placeOf(problem);
      const head = `${label} ${place ? `${colors.bold(place)}: ` : ''}${problem.message}`;
      return problem.fix ? `${head}\n  ${colors.dim('→')} ${problem.fix}` : head;
    })
    .join('\n');
}

/** `2 errors, 1 warning` */
export function countProblems(problems: readonly Problem[]): string {
  const count = (severity: Problem['severity']): string | null => {
    const found = problems.filter((problem) => problem.severity === severity).length;
    return found === 0 ? null : `${found} ${severity}${found === 1 ? '' : 's'}`;
  };
  return [count('error'), count('warning')].filter(Boolean).join(', ') || 'no problems';
}
