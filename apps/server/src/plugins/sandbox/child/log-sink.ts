import type { FrameChannel } from '../protocol/channel.js';
import { FROM_CHILD, LOG_TEXT_LENGTH, LOGS_PER_SECOND } from '../protocol/frames.js';
import { encodeJson } from '../protocol/json.js';
import { RateLimit } from '../protocol/rate-limit.js';
import type { LogLevel } from '../types.js';

export type LogSink = (level: LogLevel, text: string) => void;

/** Sends log lines, at most so many a second; what was left out is counted and said. */
export function createLogSink(channel: FrameChannel): LogSink {
  const rate = new RateLimit(LOGS_PER_SECOND);
  let dropped = 0;
  const send: LogSink = (level, text) =>
    channel.send(FROM_CHILD.log, 0, encodeJson({ level, text: text.slice(0, LOG_TEXT_LENGTH) }));
  return (level, text) => {
    if (!rate.take()) {
      dropped++;
      return;
    }
    if (dropped > 0) send('warn', `${dropped} log lines were left out: at most ${LOGS_PER_SECOND} a second are kept.`);
    dropped = 0;
    send(level, text);
  };
}
