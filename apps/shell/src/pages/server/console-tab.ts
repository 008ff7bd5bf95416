import { msg } from '@lit/localize';
import { FitAddon } from '@xterm/addon-fit';
import { Terminal } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import type { ConsoleLine, Server } from '@sodium/contract';
import { html, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { ShellElement } from '../../shell-element.js';
import { icon } from '../../ui/icon.js';
import { CommandHistory } from './command-history.js';

const COLORS: Record<ConsoleLine['stream'], string> = {
  out: '',
  err: '\x1b[38;5;210m',
  in: '\x1b[38;5;215m',
  panel: '\x1b[38;5;111m',
};
const PREFIXES: Record<ConsoleLine['stream'], string> = { out: '', err: '', in: '> ', panel: '● ' };

/** The sixteen colours programs may write in, each readable on the console's ground. */
const PALETTE = {
  selectionBackground: '#3a4358',
  black: '#6b7486',
  red: '#ff8a92',
  green: '#62d39a',
  yellow: '#ecce6a',
  blue: '#83b1ff',
  magenta: '#c9a3ff',
  cyan: '#5fd6cd',
  white: '#dfe4ee',
  brightBlack: '#8c95a8',
  brightRed: '#ffa9af',
  brightGreen: '#86e5b4',
  brightYellow: '#f6df92',
  brightBlue: '#a9caff',
  brightMagenta: '#dcc3ff',
  brightCyan: '#8ee8e1',
  brightWhite: '#ffffff',
};

/** What the server says, live, and a line to say something to it. */
@customElement('sodium-console-tab')
export class ConsoleTab extends ShellElement {
  @property({ attribute: false }) server!: Server;
  #terminal: Terminal | null = null;
  #stop: () => void = () => undefined;
  readonly #history = new CommandHistory();

  override render(): TemplateResult {
    const running = this.server.state === 'running' || this.server.state === 'starting';
    return html`<section class="so-console" aria-label=${msg('Console')}>
      <div class="so-console-screen"></div>
      <form @submit=${this.#send}>
        <span aria-hidden="true">&gt;</span>
        <input
          aria-label=${msg('Command')}
          placeholder=${running ? msg('Type a command') : msg('The server is not running')}
          ?disabled=${!running}
          autocomplete="off"
          autocapitalize="none"
          spellcheck="false"
          maxlength="2000"
          @keydown=${this.#recall}
        />
        <button class="so-icon-button" type="submit" aria-label=${msg('Send the command')} ?disabled=${!running}>
          ${icon('send')}
        </button>
      </form>
    </section>`;
  }

  protected override firstUpdated(_changed: PropertyValues<this>): void {
    const screen = this.querySelector<HTMLElement>('.so-console-screen');
    if (!screen) return;
    const terminal = createTerminal();
    const fit = new FitAddon();
    terminal.loadAddon(fit);
    terminal.open(screen);
    const resize = new ResizeObserver(() => fit.fit());
    resize.observe(screen);
    this.#terminal = terminal;
    this.#stop = this.shell.live.console(this.server.id, (lines) => {
      terminal.write(lines.map(textOf).join(''));
    });
    this.own(
      () => this.#stop(),
      () => resize.disconnect(),
      () => terminal.dispose(),
    );
  }

  #send = async (event: Event): Promise<void> => {
    event.preventDefault();
    const input = this.querySelector('input');
    const command = input?.value ?? '';
    if (!input || !command.trim()) return;
    this.#history.add(command);
    input.value = '';
    this.#terminal?.scrollToBottom();
    try {
      await this.shell.live.command(this.server.id, command);
    } catch (error) {
      this.shell.fail(error);
      if (!input.value) input.value = command;
    }
  };

  #recall = (event: KeyboardEvent): void => {
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
    event.preventDefault();
    const input = event.currentTarget as HTMLInputElement;
    input.value = event.key === 'ArrowUp' ? this.#history.older(input.value) : this.#history.newer();
  };
}

function textOf({ stream, text }: ConsoleLine): string {
  const body = text.endsWith('\n') || stream === 'out' || stream === 'err' ? text : `${text}\n`;
  return COLORS[stream] ? `${COLORS[stream]}${PREFIXES[stream]}${body.replace(/\n$/, '')}\x1b[0m\n` : endLine(body);
}

function endLine(text: string): string {
  return text.endsWith('\n') || text.endsWith('\r') ? text : `${text}\r\n`;
}

function createTerminal(): Terminal {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  const background = token('--sodium-console-background');
  return new Terminal({
    convertEol: true,
    // Commands go through the field below, which screen readers and phones can use.
    disableStdin: true,
    cursorStyle: 'bar',
    cursorInactiveStyle: 'none',
    scrollback: 5_000,
    fontSize: 13,
    lineHeight: 1.35,
    fontFamily: token('--sodium-font-mono'),
    screenReaderMode: true,
    theme: { ...PALETTE, background, foreground: token('--sodium-console-text'), cursor: background },
  });
}
