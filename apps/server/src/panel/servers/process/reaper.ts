import { execFile } from 'node:child_process';
import { SERVER_MARK } from './run-records.js';

/**
 * Ends every process of the servers recorded in the folder `$1`: their group (if its leader is still the one that was
 * recorded), then in rounds whatever runs as their user or carries their mark, until a round finds nothing.
 * A shell script, because it also runs when the panel is dead and must cost nothing until then.
 */
export const REAP_SCRIPT = `
reap_group() {
  [ "$2" -gt 1 ] || return 0
  stat=$(cat "/proc/$2/stat" 2>/dev/null) || return 0
  set -- "$2" "$3" \${stat##*) }
  [ "\${22}" = "$2" ] && kill -9 -- "-$1" 2>/dev/null
  return 0
}
reap_rest() {
  for process in /proc/[0-9]*; do
    pid=\${process#/proc/}
    [ "$pid" = "$$" ] && continue
    match=
    if [ "$1" -ge 1000 ]; then
      while read -r key value rest; do
        case $key in Uid:) [ "$value" = "$1" ] && match=1; break;; State:) [ "$value" = Z ] && break;; esac
      done < "$process/status"
    elif grep -qa "${SERVER_MARK}=$2" "$process/environ"; then
      match=1
    fi
    [ -n "$match" ] && kill -9 "$pid" && found=1
  done 2>/dev/null
  return 0
}
round=0
while [ $round -lt 20 ]; do
  found=
  for record in "$1"/*; do
    [ -f "$record" ] || continue
    read -r uid pid start < "$record" || continue
    [ $round = 0 ] && reap_group "$uid" "$pid" "$start"
    reap_rest "$uid" "\${record##*/}"
  done
  [ -z "$found" ] && break
  round=$((round + 1))
done
`;

/** Ends what a dead panel left behind. The records stay: their owner removes them. */
export function reap(directory: string): Promise<void> {
  if (process.platform === 'win32') return Promise.resolve();
  return new Promise((resolve, reject) => {
    execFile('/bin/sh', ['-c', REAP_SCRIPT, 'sodium-reaper', directory], { timeout: 30_000, cwd: '/' }, (error) =>
      error ? reject(error) : resolve(),
    );
  });
}
