import { HttpError } from '../../../http-error.js';
import { splitWords } from '../process/split-words.js';
import { RESERVED_VARIABLES, type TemplateDefinition } from './template-definition.js';

const SPREAD = /^\{\{\.\.\.([A-Z][A-Z0-9_]*)\}\}$/;

type Issue = { path: string; message: string };

/** The value of every variable of a template: as given, or its default. Throws 400 with one message per variable. */
export function resolveVariables(
  template: TemplateDefinition,
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  const issues: Issue[] = [];
  const known = template.variables.map((variable) => variable.name);
  for (const name of Object.keys(given))
    if (!known.includes(name)) issues.push({ path: name, message: unknownVariable(template, name, known) });
  const spread = new Set(
    [...template.install, template.start].flat().flatMap((argument) => SPREAD.exec(argument)?.[1] ?? []),
  );
  const values: Record<string, string> = {};
  for (const variable of template.variables) {
    const value = given[variable.name] ?? variable.default;
    values[variable.name] = value;
    const problem =
      variableProblem(variable, value) ?? (spread.has(variable.name) ? wordsProblem(variable.name, value) : null);
    if (problem) issues.push({ path: variable.name, message: problem });
  }
  for (const argv of [template.start, ...template.install])
    if (issues.length === 0 && fillArgv(argv, values).length === 0)
      issues.push({ path: 'start', message: 'There is no command to run.' });
  if (issues.length > 0)
    throw new HttpError(400, 'INVALID_VARIABLES', issues.map((issue) => issue.message).join(' '), {
      details: { issues },
    });
  return values;
}

function unknownVariable(template: TemplateDefinition, name: string, known: string[]): string {
  if (RESERVED_VARIABLES.includes(name)) return `The variable "${name}" is set by the panel.`;
  const expected = known.length > 0 ? `It has ${known.map((each) => `"${each}"`).join(', ')}.` : 'It has none.';
  return `The template "${template.id}" has no variable "${name}". ${expected}`;
}

function variableProblem(variable: TemplateDefinition['variables'][number], value: string): string | null {
  const { name, required, pattern, options } = variable;
  if (value === '') return required ? `The variable "${name}" needs a value.` : null;
  // A control character could end a line of a log, or a string of the operating system.
  // eslint-disable-next-line no-control-regex -- control characters are what this refuses
  if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(value)) return `The variable "${name}" has a control character.`;
  if (options && !options.includes(value))
    return `The variable "${name}" is "${value}", expected one of ${options.map((option) => `"${option}"`).join(', ')}.`;
  if (pattern && !new RegExp(pattern, 'u').test(value))
    return `The variable "${name}" is "${value}", expected to match ${pattern}.`;
  return null;
}

const wordsProblem = (name: string, value: string): string | null =>
  splitWords(value) === null ? `The variable "${name}" has a quote that is not closed.` : null;

/** Puts variables into a command. Each value stays one argument whatever it holds, unless `{{...NAME}}` asks for its words. */
export function fillArgv(argv: readonly string[], values: Readonly<Record<string, string>>): string[] {
  const filled = argv.flatMap((argument) => {
    const spread = SPREAD.exec(argument);
    if (spread) return splitWords(values[spread[1]!] ?? '') ?? [];
    return argument.replace(/\{\{(node|[A-Z][A-Z0-9_]*)\}\}/g, (_, name: string) =>
      name === 'node' ? process.execPath : (values[name] ?? ''),
    );
  });
  // `node` is the one that runs the panel, whatever the machine has in its path.
  return filled[0] === 'node' ? [process.execPath, ...filled.slice(1)] : filled;
}
