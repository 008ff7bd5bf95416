import { fdatasync, writev } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { syncDirectory } from './durable-file.js';

/** The calls that a disk can refuse. */
export interface AppendIo {
  /** Resolves with the number of bytes written, which may be fewer than given. */
  writev(fd: number, buffers: readonly Uint8Array[], position: number): Promise<number>;
  datasync(fd: number): Promise<void>;
  truncate(handle: FileHandle, length: number): Promise<void>;
}

const writevAsync = promisify(writev);
const datasyncAsync = promisify(fdatasync);

export const diskIo: AppendIo = {
  writev: async (fd, buffers, position) => (await writevAsync(fd, buffers as Uint8Array[], position)).bytesWritten,
  datasync: (fd) => datasyncAsync(fd),
  truncate: (handle, length) => handle.truncate(length),
};

/**
 * A file that only grows. An append is on disk when its promise resolves, and leaves no trace when it rejects. After a
 * failed fsync nobody knows what the disk holds: then, and when the trace cannot be removed, every later append fails.
 */
export class AppendFile {
  #length: number;
  #broken: Error | null = null;

  private constructor(
    readonly file: string,
    private readonly handle: FileHandle,
    private readonly io: AppendIo,
    length: number,
  ) {
    this.#length = length;
  }

  /** `wx`: the file must not exist. `a`: continues it. */
  static async open(file: string, mode: 'wx' | 'a', io: AppendIo = diskIo): Promise<AppendFile> {
    // Opened for positioned writes: `a` itself would ignore the position that follows a truncation.
    const handle = await open(file, mode === 'wx' ? 'wx' : 'r+', 0o600).catch((error: NodeJS.ErrnoException) => {
      if (mode === 'a' && error.code === 'ENOENT') return open(file, 'wx', 0o600);
      throw error;
    });
    try {
      await syncDirectory(path.dirname(file));
      return new AppendFile(file, handle, io, (await handle.stat()).size);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  get length(): number {
    return this.#length;
  }

  /** Why no append can succeed any more. */
  get broken(): Error | null {
    return this.#broken;
  }

  /** One at a time. */
  async append(buffers: readonly Uint8Array[]): Promise<void> {
    if (this.#broken) throw this.#broken;
    try {
      const length = await this.#write(buffers);
      await this.#sync();
      this.#length += length;
    } catch (error) {
      await this.#removeTrace();
      throw error;
    }
  }

  close(): Promise<void> {
    return this.handle.close();
  }

  async #write(buffers: readonly Uint8Array[]): Promise<number> {
    const total = buffers.reduce((sum, buffer) => sum + buffer.length, 0);
    let rest = buffers;
    let written = 0;
    while (written < total) {
      const count = await this.io.writev(this.handle.fd, rest, this.#length + written);
      if (count === 0) throw new Error(`"${this.file}" takes no more bytes.`);
      written += count;
      if (written < total) rest = [Buffer.concat(buffers).subarray(written)];
    }
    return total;
  }

  async #sync(): Promise<void> {
    try {
      await this.io.datasync(this.handle.fd);
    } catch (error) {
      this.#broken = error as Error;
      throw error;
    }
  }

  async #removeTrace(): Promise<void> {
    if (this.#broken) return;
    try {
      await this.io.truncate(this.handle, this.#length);
    } catch (error) {
      this.#broken = error as Error;
    }
  }
}
