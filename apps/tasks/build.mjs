// `npm run build`: the panel and the packages of the reference plugins.
import { ensureInstalled } from './lib/install.mjs';
import { main } from './lib/run.mjs';

main(async () => {
  await ensureInstalled();
  const { build } = await import('./lib/build-steps.mjs');
  await build();
});
