export interface Compartment {
  readonly globalThis: Record<string, unknown>;
  evaluate(source: string, options?: { __rejectSomeDirectEvalExpressions__?: boolean }): unknown;
}

interface SesGlobals {
  lockdown(options: Record<string, string>): void;
  harden: <T>(value: T) => T;
  Compartment: new (options: { __options__: true; name: string; globals: Record<string, unknown> }) => Compartment;
}

/** The globals that SES put in place before this bundle ran. `harden` exists only after the lockdown. */
export const ses = globalThis as unknown as SesGlobals;

export function lockRealm(): void {
  ses.lockdown({
    // Plugins and their libraries override inherited properties by assignment everywhere.
    overrideTaming: 'severe',
    localeTaming: 'unsafe',
    // Keeps `error.stack`; the stacks hold no path of the host, because this code carries a name of its own.
    errorTaming: 'unsafe',
    stackFiltering: 'verbose',
    consoleTaming: 'unsafe',
    domainTaming: 'unsafe',
    errorTrapping: 'none',
    unhandledRejectionTrapping: 'none',
    reporting: 'none',
  });
}
