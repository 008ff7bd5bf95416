import { createColors } from 'picocolors';

export type Colors = ReturnType<typeof createColors>;

/** Where a command speaks. Results go to `out`; progress, warnings and errors to `err`, so that results can be piped. */
export interface Terminal {
  readonly colors: Colors;
  /** Whether somebody sits there who can be asked. */
  readonly interactive: boolean;
  out(text: string): void;
  err(text: string): void;
  /** Shows that something takes its time, on a terminal only. Call the returned function when it is over. */
  progress(label: string): () => void;
}

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 90;

export function createTerminal(env: NodeJS.ProcessEnv = process.env): Terminal {
  const isTerminal = Boolean(process.stdout.isTTY && process.stderr.isTTY && env.TERM !== 'dumb');
  const colors = createColors(isTerminal && !env.NO_COLOR);
  return {
    colors,
    interactive: isTerminal && Boolean(process.stdin.isTTY) && !env.CI,
    out: (text) => void process.stdout.write(`${text}\n`),
    err: (text) => void process.stderr.write(`${text}\n`),
    progress: (label) => (isTerminal ? spin(label, colors) : () => undefined),
  };
}

function spin(label: string, colors: Colors): () => void {
  let frame = 0;
  const draw = (): void => {
    process.stderr.write(`\r\x1b[2K${colors.cyan(FRAMES[frame++ % FRAMES.length]!)} ${label} …`);
  };
  draw();
  const timer = setInterval(draw, FRAME_MS);
  return () => {
    clearInterval(timer);
    process.stderr.write('\r\x1b[2K');
  };
}
