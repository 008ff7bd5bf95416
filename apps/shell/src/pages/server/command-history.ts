const KEPT = 100;

/** The commands sent from this page, walked with the arrow keys like in a shell. */
export class CommandHistory {
  #commands: string[] = [];
  #position = 0;
  #draft = '';

  add(command: string): void {
    if (this.#commands.at(-1) !== command) this.#commands = [...this.#commands, command].slice(-KEPT);
    this.#position = this.#commands.length;
    this.#draft = '';
  }

  /** One step back; what was being typed is kept for the way forward. */
  older(current: string): string {
    if (this.#position === this.#commands.length) this.#draft = current;
    this.#position = Math.max(0, this.#position - 1);
    return this.#commands[this.#position] ?? current;
  }

  newer(): string {
    this.#position = Math.min(this.#commands.length, this.#position + 1);
    return this.#commands[this.#position] ?? this.#draft;
  }
}
