import { msg, str } from '@lit/localize';
import type { Blamed, ErrorBody } from '@sodium/contract';

/** A refusal of the panel, or no answer at all (`status` 0, code `UNREACHABLE`). */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    /** The id of the plugin that caused it, if one did. */
    readonly plugin?: string,
    readonly details?: unknown,
    options?: ErrorOptions,
    /** What that plugin is called, and which version of it runs. */
    readonly blamed?: Blamed,
  ) {
    super(message, options);
  }

  static fromBody(status: number, body: unknown, blamed: string | null = null): ApiError {
    const error = (body as Partial<ErrorBody> | null)?.error;
    if (typeof error?.message === 'string' && typeof error.code === 'string') {
      const { code, message, plugin, details } = error;
      return new ApiError(status, code, message, plugin, details, undefined, readBlamed(blamed));
    }
    return new ApiError(
      status,
      `HTTP_${status}`,
      msg(str`The panel answered with status ${status} and no explanation.`),
    );
  }

  /** The messages of a refused body by the path of their field, for showing beside it. */
  get fields(): Record<string, string> {
    if (this.status !== 400 || !Array.isArray(this.details)) return {};
    const entries = (this.details as unknown[]).flatMap((detail) => {
      const { path, message } = (detail ?? {}) as { path?: unknown; message?: unknown };
      const key = Array.isArray(path) ? path.join('.') : path;
      return typeof key === 'string' && typeof message === 'string' ? [[key, message] as const] : [];
    });
    // The first fault of a field is the one to mend first.
    return Object.fromEntries(entries.reverse());
  }
}

/** The list of this name that a refusal with this code tells, or null. */
export function listIn(error: unknown, code: string, name: string): string[] | null {
  if (!(error instanceof ApiError) || error.code !== code) return null;
  const list = ((error.details ?? {}) as Record<string, unknown>)[name];
  return Array.isArray(list) ? list.map(String) : null;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The header in which the panel names a plugin as people know it. A frame of another origin cannot read it. */
export const BLAMED = 'x-sodium-plugin';

function readBlamed(header: string | null): Blamed | undefined {
  if (header === null) return undefined;
  try {
    return JSON.parse(decodeURIComponent(header)) as Blamed;
  } catch {
    return undefined;
  }
}
