import { wholePattern } from '@sodium/contract/settings';
import type { PatternQuestion } from './pattern-trial.js';

/** Tries authors’ patterns where one that takes for ever holds nobody up: whoever asked ends this worker. */
addEventListener('message', ({ data: { pattern, text } }: MessageEvent<PatternQuestion>) => {
  postMessage(new RegExp(wholePattern(pattern)).test(text));
});
postMessage(true);
