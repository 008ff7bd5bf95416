import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Shell } from '../../shell.js';
import { pluginApi } from './plugin-model.js';

/**
 * Pictures of a package, also of one that does not run. They come with the admin's token, which an `<img>` cannot send,
 * and are shown from memory until their element leaves.
 */
export class PackageImages implements ReactiveController {
  readonly #addresses = new Set<string>();

  constructor(private readonly host: ReactiveControllerHost & { shell: Shell }) {
    host.addController(this);
  }

  /** An address for an `<img>`. Rejects where there is no such picture. */
  async load(plugin: string, file: string, from: 'running' | 'folder' = 'running'): Promise<string> {
    const path = file.split('/').map(encodeURIComponent).join('/');
    const blob = await this.host.shell.api.download(`${pluginApi(plugin)}/files/${path}?from=${from}`);
    const address = URL.createObjectURL(blob);
    this.#addresses.add(address);
    return address;
  }

  hostDisconnected(): void {
    for (const address of this.#addresses) URL.revokeObjectURL(address);
    this.#addresses.clear();
  }
}
