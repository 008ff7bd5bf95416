// `npm run sdk`: writes the JSON Schema of `plugin.json` and the reports of what the SDK exports.
import { ensureInstalled } from './lib/install.mjs';
import { main } from './lib/run.mjs';

main(async () => {
  await ensureInstalled();
  await (await import('./lib/sdk-reports.mjs')).writeSdkReports();
});
