import { checkImports } from './check-imports.js';
import { CompileError } from './compile-error.js';
import { compilePlugin } from './compile-plugin.js';
import { parseModule } from './parse-module.js';
import { tracePositions, type Position } from './trace-positions.js';

/**
 * Reads from stdin, works as the arguments say, and writes `+` and the result, or `-` and what is wrong, to stdout:
 * `compile <plugin>` and `check <file>` take a source, `trace <length> <positions>` a source of that length and its map.
 */
const [mode, subject = '', positions = '[]'] = process.argv.slice(2);
const chunks: Buffer[] = [];
process.stdin.on('data', (chunk: Buffer) => chunks.push(chunk));
process.stdin.on('end', () => process.stdout.write(answer(Buffer.concat(chunks).toString('utf8'))));

function answer(input: string): string {
  try {
    return '+' + work(input);
  } catch (error) {
    const { line, column } = error instanceof CompileError ? error : { line: 1, column: 1 };
    return '-' + JSON.stringify({ message: (error as Error).message, line, column });
  }
}

function work(input: string): string {
  if (mode === 'compile') return compilePlugin(input, subject);
  if (mode === 'trace') {
    const length = Number(subject);
    return JSON.stringify(
      tracePositions(input.slice(0, length), input.slice(length), JSON.parse(positions) as Position[]),
    );
  }
  checkImports(parseModule(input, subject, []), input, subject);
  return '';
}
