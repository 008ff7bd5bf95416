import { z } from 'zod';
import type { StoreProblem } from './core-store-types.js';
import { readIfPresent, replaceFile } from './durable-file.js';
import { jsonFault } from './json-fault.js';
import { StoreUnavailableError, StoreWriteError } from './store-errors.js';

/** `config.json`. Keys that this version does not know are kept. */
export const panelConfigSchema = z.looseObject({
  plugins: z
    .looseObject({
      enabled: z.boolean().default(true),
      /** A leading `data/` stands for the data folder. */
      directory: z.string().min(1).default('data/plugins'),
      active: z.array(z.string()).default([]),
      /** Of the routes of each plugin. */
      http: z
        .looseObject({
          bodyLimitBytes: z
            .int()
            .min(1)
            .max(8 * 1024 * 1024)
            .default(1024 * 1024),
          requestsPerMinute: z.int().min(1).default(600),
        })
        .prefault({}),
      network: z.looseObject({ allowPrivate: z.boolean().default(false) }).prefault({}),
      /** Only packages run that somebody signed whose key is among `trustedKeys`: base64, by name. */
      requireSignatures: z.boolean().default(false),
      trustedKeys: z.record(z.string(), z.string()).default({}),
    })
    .prefault({}),
  /** `theme`: what users see who chose none: a theme plugin's id, or `sodium` for the panel's own look. */
  ui: z.looseObject({ theme: z.string().min(1).default('sodium') }).prefault({}),
  /**
   * The bearer token with which Prometheus reads `/metrics`; without one only admins do. `token` is typed by hand;
   * of one that was made in the admin area only the SHA-256 is kept, in `tokenHash`.
   */
  metrics: z
    .looseObject({ token: z.string().optional(), tokenHash: z.string().optional(), tokenAt: z.string().optional() })
    .optional(),
  auth: z.looseObject({ registration: z.boolean().default(true) }).prefault({}),
  /** `ports`: what new servers are given. Panels that share a machine need ranges that do not meet. */
  servers: z
    .looseObject({
      ports: z
        .strictObject({ from: z.int().min(1024).max(65_535), to: z.int().min(1024).max(65_535) })
        .refine(({ from, to }) => from <= to, { message: 'expected "from" to be at most "to"' })
        .optional(),
    })
    .optional(),
});
export type PanelConfig = z.infer<typeof panelConfigSchema>;

type Reading = { kind: 'good'; config: PanelConfig } | { kind: 'missing' } | { kind: 'broken'; problem: StoreProblem };

/** Opens `config.json`; a missing one is written with defaults. Never rejects: the panel starts, and says what is wrong. */
export async function openConfig(file: string): Promise<ConfigFile> {
  const reading = await readConfig(file);
  if (reading.kind === 'good') return new ConfigFile(file, reading.config, null);
  if (reading.kind === 'broken') return new ConfigFile(file, closedConfig(), reading.problem);
  const config = panelConfigSchema.parse({});
  try {
    await replaceFile(file, print(config));
    return new ConfigFile(file, config, null);
  } catch (error) {
    return new ConfigFile(file, config, {
      file,
      message: `The file could not be written: ${String(error)}`,
      fix: 'Let the panel write to its data folder.',
    });
  }
}

export class ConfigFile {
  #config: PanelConfig;
  #problem: StoreProblem | null;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(
    readonly file: string,
    config: PanelConfig,
    problem: StoreProblem | null,
  ) {
    this.#config = config;
    this.#problem = problem;
  }

  /** What is wrong with the file, until an update finds it mended. */
  get problem(): StoreProblem | null {
    return this.#problem;
  }

  /** A copy. While the file is broken: no plugin active, registration closed. */
  get(): PanelConfig {
    return structuredClone(this.#config);
  }

  /**
   * Changes the file as it is on disk now, so that edits made by hand while the panel runs are kept. Rejects with
   * `StoreUnavailableError` while the file is broken, with `StoreWriteError` when the disk refuses; nothing changes then.
   */
  update(mutator: (draft: PanelConfig) => void): Promise<PanelConfig> {
    const done = this.#queue.then(() => this.#update(mutator));
    this.#queue = done.catch(() => undefined);
    return done;
  }

  async #update(mutator: (draft: PanelConfig) => void): Promise<PanelConfig> {
    const reading = await readConfig(this.file);
    if (reading.kind === 'broken') {
      this.#problem = reading.problem;
      throw new StoreUnavailableError(this.file, `${reading.problem.message} ${reading.problem.fix}`);
    }
    const draft = reading.kind === 'good' ? reading.config : this.get();
    mutator(draft);
    const config = panelConfigSchema.parse(draft);
    try {
      await replaceFile(this.file, print(config));
    } catch (error) {
      throw new StoreWriteError(this.file, error);
    }
    this.#config = config;
    this.#problem = null;
    return this.get();
  }
}

async function readConfig(file: string): Promise<Reading> {
  const broken = (message: string): Reading => ({
    kind: 'broken',
    problem: {
      file,
      message,
      fix: `Mend "${file}", then restart the panel. It is not overwritten until it can be read.`,
    },
  });
  try {
    const bytes = await readIfPresent(file);
    if (bytes === null) return { kind: 'missing' };
    const result = panelConfigSchema.safeParse(JSON.parse(bytes.toString('utf8').replace(/^\uFEFF/, '')));
    return result.success
      ? { kind: 'good', config: result.data }
      : broken(`A value is not valid.\n${z.prettifyError(result.error)}`);
  } catch (error) {
    return broken(error instanceof SyntaxError ? `Not readable: ${jsonFault(error)}.` : String(error));
  }
}

/** The safest reading of a file that cannot be read. */
function closedConfig(): PanelConfig {
  return panelConfigSchema.parse({ auth: { registration: false } });
}

function print(config: PanelConfig): string {
  return `${JSON.stringify(config, null, 2)}\n`;
}
