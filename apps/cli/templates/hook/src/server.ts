import { definePlugin } from '@sodium/sdk';

export default definePlugin((sodium) => {
  sodium.hooks.on('server:beforeCreate', ({ user, deny }) => {
    const limit = sodium.config.get<number>('limit');
    if (user.role !== 'admin' && user.serverCount >= limit) deny(`You can have at most ${limit} servers.`);
  });
});
