// `npm start`: installs, builds and runs the panel; a second start does only what is missing.
import { ensureInstalled } from './lib/install.mjs';
import { main } from './lib/run.mjs';

main(async () => {
  await ensureInstalled();
  const { build } = await import('./lib/build-steps.mjs');
  await build();
  await import('../server/dist/main.js');
});
