import { chmod, mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Logger } from 'pino';
import { AuditLog, CoreStore, openConfig, SecretBox, type ConfigFile, type StoreProblem } from './storage/index.js';

export interface Storage {
  dataDirectory: string;
  /** `data/db`: the panel's own store and one folder per plugin. */
  databaseDirectory: string;
  config: ConfigFile;
  core: CoreStore;
  audit: AuditLog;
  secrets: SecretBox;
  /** What could not be read as it stands. */
  problems(): StoreProblem[];
  close(): Promise<void>;
}

/** Opens everything under the data folder. Servers' users may pass through the folder, never read in it. */
export async function openStorage(dataDirectory: string, logger: Logger): Promise<Storage> {
  await mkdir(dataDirectory, { recursive: true });
  await chmod(dataDirectory, 0o711);
  const databaseDirectory = path.join(dataDirectory, 'db');
  await mkdir(databaseDirectory, { recursive: true, mode: 0o700 });
  const panelDirectory = path.join(databaseDirectory, 'panel');
  const onProblem = (problem: StoreProblem): void => logger.error(problem, 'a file cannot be used as it is');
  const config = await openConfig(path.join(dataDirectory, 'config.json'));
  if (config.problem) onProblem(config.problem);
  const core = await CoreStore.open(panelDirectory, { onProblem });
  const secrets = await SecretBox.load(path.join(panelDirectory, 'secret.key'));
  if (secrets.problem) onProblem(secrets.problem);
  const audit = await AuditLog.open(path.join(panelDirectory, 'audit.jsonl'));
  return {
    dataDirectory,
    databaseDirectory,
    config,
    core,
    audit,
    secrets,
    problems: () => [...[config.problem, secrets.problem].filter((problem) => problem !== null), ...core.problems],
    close: async () => {
      await core.close();
      await audit.close();
    },
  };
}
