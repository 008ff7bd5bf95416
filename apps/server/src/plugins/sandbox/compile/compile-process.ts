import { CompileError } from './compile-error.js';
import { compilePlugin } from './compile-plugin.js';

/** Reads a source from stdin and writes `+` and the compiled text, or `-` and what is wrong, to stdout. */
const [plugin = 'plugin', file = 'server.js'] = process.argv.slice(2);
const chunks: Buffer[] = [];
process.stdin.on('data', (chunk: Buffer) => chunks.push(chunk));
process.stdin.on('end', () => process.stdout.write(compile(Buffer.concat(chunks).toString('utf8'))));

function compile(source: string): string {
  try {
    return '+' + compilePlugin(source, plugin, file);
  } catch (error) {
    const { line, column } = error instanceof CompileError ? error : { line: 1, column: 1 };
    return '-' + JSON.stringify({ message: (error as Error).message, line, column });
  }
}
