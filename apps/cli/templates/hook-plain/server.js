// @ts-check

/** @param {import('@sodium/sdk').ServerSodium} sodium */
export default (sodium) => {
  sodium.hooks.on('server:beforeCreate', ({ user, deny }) => {
    const limit = /** @type {number} */ (sodium.config.get('limit'));
    if (user.role !== 'admin' && user.serverCount >= limit) deny(`You can have at most ${limit} servers.`);
  });
};
