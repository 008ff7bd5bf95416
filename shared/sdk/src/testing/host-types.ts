import type { InlinePlugin, TestPluginOptions } from './plugin-source.js';
import type { TestPlugin } from './test-plugin-types.js';

/** A plugin that is ready to be installed: a folder with its package, or one written out. */
export type PluginPackage = { folder: string } | { inline: InlinePlugin };

/** What the panel behind a test is started with. */
export interface TestHostOptions extends Omit<TestPluginOptions, 'directory' | 'plugin' | 'others'> {
  package: PluginPackage;
  others: readonly PluginPackage[];
}

/** What a browser needs to know to show a contribution. */
export interface MountFacts {
  /** The cookie with which the panel knows a user. */
  cookie(username: string): Promise<{ name: string; value: string }>;
  firstAdmin(): string;
  firstUser(): string;
  firstServer(): string;
}

/** A plugin on its panel, without a browser. */
export interface HostedPlugin extends Omit<TestPlugin, 'mount'> {
  readonly facts: MountFacts;
}

/** The panel that tests run on, as a module that is loaded. */
export interface TestHost {
  startTestPlugin(options: TestHostOptions): Promise<HostedPlugin>;
}
