/** Something that an author must mend, or should know. */
export interface Problem {
  readonly severity: 'error' | 'warning';
  /** As seen from the plugin's folder; empty when it concerns the whole of it. */
  readonly file: string;
  /** From 1. */
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
  /** What to do; empty when the message says it. */
  readonly fix: string;
}

/** Something in the plugin's sources that its author must mend. */
export class BuildError extends Error {
  override readonly name = 'BuildError';
  readonly problems: readonly Problem[];

  constructor(problems: string | readonly Problem[]) {
    const list = typeof problems === 'string' ? [problemFrom(problems)] : problems;
    super(typeof problems === 'string' ? problems : list.map(oneLine).join('\n'));
    this.problems = list;
  }
}

const PLACE = /^(?<file>(?:[A-Za-z]:)?[^:\n]+?\.[\w.]+)(?::(?<line>\d+)(?::(?<column>\d+))?)?: (?<rest>[^]*)$/;

/** Reads `file:line:column: message`, as compilers and the panel write it. */
export function problemFrom(text: string, fix = '', severity: Problem['severity'] = 'error'): Problem {
  const { file = '', line, column, rest = text } = PLACE.exec(text)?.groups ?? {};
  return {
    severity,
    file,
    ...(line ? { line: Number(line) } : {}),
    ...(column ? { column: Number(column) } : {}),
    message: rest,
    fix,
  };
}

export function placeOf({ file, line, column }: Pick<Problem, 'file' | 'line' | 'column'>): string {
  return [file, line, line === undefined ? undefined : column]
    .filter((part) => part !== undefined && part !== '')
    .join(':');
}

/** `src/client.ts:3:1: what is wrong. What to do.` */
export function oneLine(problem: Problem): string {
  const place = placeOf(problem);
  return [place ? `${place}: ${problem.message}` : problem.message, problem.fix].filter(Boolean).join(' ');
}
