// Loaded into a panel before itself: each SIGUSR2 takes its clock half an hour on, and a bit.
const real = Date.now;
let ahead = 0;
Date.now = () => real.call(Date) + ahead;
process.on('SIGUSR2', () => {
  ahead += 31 * 60_000;
});
