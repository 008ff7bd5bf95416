import type { PreviewReport } from '@sodium/contract';
import { matchHooks } from '@sodium/sdk';
import { isPublicRoute } from '../public-routes.js';
import type { PluginInstance } from '../sandbox/types.js';
import type { Preview } from './preview.js';
import type { PreviewRun } from './preview-run.js';

/** Everything that a preview knows, as the admin sees it. */
export async function previewReport(preview: Preview): Promise<PreviewReport> {
  const { run } = preview;
  const { content, registrations, activity } = run;
  const { manifest, hash } = content;
  const { id, name, version, type } = manifest;
  // Before anything is looked at: what changes meanwhile makes another revision.
  const { revision } = preview;
  const [documents, conflicts] = await Promise.all([run.documents.report(), preview.conflicts()]);
  return {
    revision,
    plugin: { id, name, version, type, hash },
    process: processOf(run.instance),
    startedAt: new Date(preview.startedAt).toISOString(),
    expiresAt: new Date(preview.expiresAt).toISOString(),
    problems: [...preview.problems],
    warnings: [...content.warnings],
    permissions: { declared: [...manifest.permissions], used: Object.fromEntries(activity.permissions) },
    routes: registrations.routes.map((route) => ({ ...route, public: isPublic(route.path, manifest.http?.public) })),
    methods: registrations.methods,
    hooks: {
      registered: registrations.hooks.map((hook) => ({ ...hook, events: matchHooks(hook.pattern) })),
      replays: [...run.replays],
    },
    crons: cronsOf(run),
    documents: { collections: registrations.collections, ...documents },
    egress: [...run.egress.requests],
    actions: [...activity.actions],
    logs: activity.logs(),
    errors: [...activity.errors],
    resources: resourcesOf(run),
    conflicts,
  };
}

const isPublic = (path: string, patterns: readonly string[] = []): boolean => isPublicRoute(patterns, path);

function processOf(instance: PluginInstance | null): PreviewReport['process'] {
  if (!instance) return { state: 'none', reason: null };
  const { state } = instance;
  return { state: state.kind, reason: 'reason' in state ? state.reason : null };
}

function cronsOf({ registrations, crons }: PreviewRun): PreviewReport['crons'] {
  return registrations.crons.map((cron) => ({ ...cron, ...crons.of(cron.name) }));
}

function resourcesOf({ instance, startMs }: PreviewRun): PreviewReport['resources'] {
  const { cpuMs, memoryBytes, restarts, calls } = instance?.metrics() ?? {
    cpuMs: 0,
    memoryBytes: 0,
    restarts: 0,
    calls: [],
  };
  return { startMs, cpuMs: Math.round(cpuMs), memoryBytes, restarts, calls };
}
