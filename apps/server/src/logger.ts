import { pino, type Logger } from 'pino';
import pretty from 'pino-pretty';

/** JSON lines for machines, readable lines on a terminal. */
export function createLogger(level: string): Logger {
  const options = {
    level,
    base: null,
    redact: ['req.headers.cookie', 'req.headers.authorization', '*.password', '*.token'],
  };
  return process.stdout.isTTY
    ? pino(options, pretty({ colorize: true, ignore: 'pid,hostname', translateTime: 'HH:MM:ss' }))
    : pino(options);
}
