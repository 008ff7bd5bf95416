import type { Adapter } from 'lowdb';
import { keepBackup, replaceFile } from './durable-file.js';
import { backupOf } from './generations.js';
import { StoreWriteError } from './store-errors.js';

/** A lowdb adapter that writes durably. Reading happened when the store was opened. */
export class JsonAdapter<T> implements Adapter<T> {
  readonly #file: string;
  readonly #toJson: (data: T) => unknown;

  constructor(file: string, toJson: (data: T) => unknown) {
    this.#file = file;
    this.#toJson = toJson;
  }

  async read(): Promise<null> {
    return null;
  }

  /** Takes its picture of `data` before it first waits. */
  async write(data: T): Promise<void> {
    const text = `${JSON.stringify(this.#toJson(data), null, 1)}\n`;
    try {
      await replaceFile(this.#file, text);
    } catch (error) {
      throw new StoreWriteError(this.#file, error);
    }
    await keepBackup(backupOf(this.#file), text);
  }
}
