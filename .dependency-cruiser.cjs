/** Imports run one way: sdk <- contract <- kernel <- panel <- routes <- create-panel. */
const only = (name, reason, from, to) => ({ name, severity: 'error', comment: reason, from, to });

module.exports = {
  forbidden: [
    only(
      'no-cycles',
      'A cycle means two modules are one, or a third is missing.',
      { path: '^(apps|shared|plugins)' },
      { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    ),
    only(
      'sdk-stands-alone',
      'Authors get the SDK without the panel.',
      { path: '^shared/sdk' },
      { path: '^(apps|plugins|shared/(contract|federation))' },
    ),
    only(
      'contract-knows-the-sdk-alone',
      'Shell and server both use the contract.',
      { path: '^shared/contract' },
      { path: '^(apps|plugins|shared/federation)' },
    ),
    only(
      'kernel-knows-no-hosting',
      'The plugin kernel has no noun of the hosting domain.',
      { path: '^apps/server/src/plugins' },
      { path: '^apps/server/src/(panel|routes|create-panel|main)' },
    ),
    only(
      'storage-is-the-ground',
      'Stores know nobody above them.',
      { path: '^apps/server/src/storage' },
      { path: '^apps/server/src/(plugins|panel|routes|create-panel|main)' },
    ),
    only(
      'panel-sees-kernel-through-ports',
      'The domain raises hooks and describes capabilities; it runs no plugin.',
      { path: '^apps/server/src/panel', pathNot: '\\.test\\.ts$' },
      {
        path: '^apps/server/src/plugins',
        pathNot: '^apps/server/src/plugins/(hooks-port|preview-port|sandbox/types)\\.ts$',
      },
    ),
    only(
      'panel-below-routes',
      'The domain does not know HTTP.',
      { path: '^apps/server/src/panel' },
      { path: '^apps/server/src/(routes|create-panel|main)' },
    ),
    only(
      'routes-below-root',
      'Only the composition root joins the parts.',
      { path: '^apps/server/src/routes' },
      { path: '^apps/server/src/(create-panel|main)' },
    ),
    only(
      'shell-and-server-apart',
      'They meet in the contract.',
      { path: '^apps/shell/src' },
      { path: '^apps/(server|cli)' },
    ),
    only(
      'command-uses-the-checks-alone',
      'The authors’ command says what the panel would say of a package, and shares nothing else with it.',
      { path: '^apps/cli/src', pathNot: '\\.test\\.ts$' },
      { path: '^apps/(server|shell)', pathNot: '^apps/server/src/package-checks\\.ts$' },
    ),
    only(
      'plugins-use-the-sdk',
      'Reference plugins use what every author has.',
      { path: '^plugins' },
      { path: '^(apps|shared/(contract|federation))' },
    ),
    only(
      'no-dev-packages-at-run-time',
      'What runs must be in dependencies.',
      { path: '^apps/server/src', pathNot: '\\.test\\.ts$' },
      { dependencyTypes: ['npm-dev'] },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|node_modules|test-results)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'default'] },
  },
};
