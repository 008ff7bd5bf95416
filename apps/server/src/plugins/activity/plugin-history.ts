import type { PluginPoint } from '@sodium/contract';
import type { PluginManager } from '../manager.js';
import type { PluginInstance } from '../sandbox/types.js';

const SAMPLE_MS = 10_000;
/** Who looks may have a newer point, but not more often than this. */
const SHORTEST_MS = 2_000;
const KEPT_MS = 3_600_000;

interface Track {
  /** Of a new start of the plugin nothing is compared with the one before. */
  instance: PluginInstance;
  at: number;
  cpuMs: number;
  points: PluginPoint[];
}

/** What each plugin cost and how it answered over the last hour. A plugin that does nothing adds nothing. */
export class PluginHistory {
  private readonly tracks = new Map<string, Track>();
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly manager: Pick<PluginManager, 'allRunning' | 'running'>,
    private readonly now: () => number = Date.now,
  ) {}

  start(): void {
    this.timer ??= setInterval(() => this.sampleAll(), SAMPLE_MS).unref();
  }

  stop(): void {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
  }

  sampleAll(): void {
    const running = this.manager.allRunning();
    for (const { manifest, instance } of running) if (instance) this.sample(manifest.id, instance);
    for (const [id, { points }] of this.tracks)
      if (this.manager.running(id) === null && (points.at(-1)?.at ?? 0) < this.now() - KEPT_MS) this.tracks.delete(id);
  }

  /** Oldest first, up to this moment. */
  list(id: string): readonly PluginPoint[] {
    const instance = this.manager.running(id)?.instance;
    const track = this.tracks.get(id);
    if (instance && (!track || this.now() - track.at >= SHORTEST_MS)) this.sample(id, instance);
    const oldest = this.now() - KEPT_MS;
    return this.tracks.get(id)?.points.filter(({ at }) => at > oldest) ?? [];
  }

  private sample(id: string, instance: PluginInstance): void {
    const at = this.now();
    const { cpuMs, memoryBytes, window } = instance.sample();
    const before = this.tracks.get(id);
    const isSame = before?.instance === instance;
    const ms = isSame ? Math.max(1, at - before.at) : SAMPLE_MS;
    const used = Math.max(0, cpuMs - (isSame ? before.cpuMs : 0));
    const points = before?.points ?? [];
    this.tracks.set(id, { instance, at, cpuMs, points });
    // What is idle has no process, and was not called.
    if (memoryBytes === 0 && window.calls === 0 && used === 0) return;
    points.push({ at, ms, cpu: round((used / ms) * 100), memoryBytes, ...window });
    while (points[0] && points[0].at <= at - KEPT_MS) points.shift();
  }
}

const round = (value: number): number => Math.round(value * 100) / 100;
