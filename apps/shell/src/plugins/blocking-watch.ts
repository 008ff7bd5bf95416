/** Shorter pauses happen on busy machines without anybody's fault. */
const BLOCKED_MS = 1_000;

/** Who kept the page from answering: a script's file, or the element whose event was being handled. */
export type Culprit = { file: string } | { element: Element };

interface ScriptTiming {
  readonly sourceURL: string;
  readonly duration: number;
}

/** Calls back when something has blocked the page for a second or more. Browsers that cannot tell tell nothing. */
export function watchBlocking(onBlocked: (culprit: Culprit, ms: number) => void): () => void {
  const stops = [
    observe({ type: 'long-animation-frame' }, (entry) => {
      for (const { sourceURL, duration } of (entry as PerformanceEntry & { scripts?: ScriptTiming[] }).scripts ?? [])
        if (duration >= BLOCKED_MS && sourceURL) onBlocked({ file: sourceURL }, duration);
    }),
    // Templates listen through Lit, so a frame's script is Lit's; the element tells whose handler it was.
    observe({ type: 'event', durationThreshold: BLOCKED_MS }, (entry) => {
      const { target, processingStart, processingEnd } = entry as PerformanceEventTiming;
      const ms = processingEnd - processingStart;
      if (ms >= BLOCKED_MS && target instanceof Element) onBlocked({ element: target }, ms);
    }),
  ];
  return () => stops.forEach((stop) => stop());
}

function observe(
  options: PerformanceObserverInit & { type: string; durationThreshold?: number },
  onEntry: (entry: PerformanceEntry) => void,
): () => void {
  if (typeof PerformanceObserver === 'undefined' || !PerformanceObserver.supportedEntryTypes?.includes(options.type))
    return () => undefined;
  const observer = new PerformanceObserver((list) => list.getEntries().forEach(onEntry));
  observer.observe(options);
  return () => observer.disconnect();
}
