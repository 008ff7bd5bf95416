import { CompileError } from './compile-error.js';
import { compilePlugin, parseModule } from './compile-plugin.js';

/**
 * Reads a source from stdin and writes `+` and the compiled text, or `-` and what is wrong, to stdout. With `check` as
 * the first argument it only parses.
 */
const [plugin = 'plugin', file = 'server.js'] = process.argv.slice(2);
const chunks: Buffer[] = [];
process.stdin.on('data', (chunk: Buffer) => chunks.push(chunk));
process.stdin.on('end', () => process.stdout.write(answer(Buffer.concat(chunks).toString('utf8'))));

function answer(source: string): string {
  try {
    return '+' + (plugin === 'check' ? check(source) : compilePlugin(source, plugin, file));
  } catch (error) {
    const { line, column } = error instanceof CompileError ? error : { line: 1, column: 1 };
    return '-' + JSON.stringify({ message: (error as Error).message, line, column });
  }
}

function check(source: string): string {
  parseModule(source, file, []);
  return '';
}
