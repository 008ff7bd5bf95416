import { execFile } from 'node:child_process';
import { SERVER_MARK } from './run-records.js';

/**
 * Ends every process of the servers recorded in the folder `$1`: their groups (if the leader is still the one that was
 * recorded), then in rounds whatever runs as their users or carries their marks, until a round finds nothing. A round
 * costs one pass over the processes, however many servers there are.
 * A shell script, because it also runs when the panel is dead and must cost nothing until then.
 */
export const REAP_SCRIPT = `
reap_group() {
  [ "$1" -gt 1 ] || return 0
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 0
  set -- "$1" "$2" \${stat##*) }
  [ "\${22}" = "$2" ] && kill -9 -- "-$1" 2>/dev/null
  return 0
}
reap_users() {
  for process in /proc/[0-9]*; do
    while read -r key value rest; do
      case $key in
        State:) [ "$value" = Z ] && break ;;
        Uid:) case $users in *" $value "*) kill -9 "\${process#/proc/}" && found=1 ;; esac; break ;;
      esac
    done < "$process/status"
  done 2>/dev/null
}
reap_marked() {
  for file in $(grep -lsF "$@" /proc/[0-9]*/environ); do
    pid=\${file#/proc/}
    kill -9 "\${pid%/environ}" 2>/dev/null && found=1
  done
}
users=' '
patience=0
records=$1
set --
for record in "$records"/*; do
  [ -f "$record" ] || continue
  read -r uid pid start < "$record" || continue
  # Recorded before it was started: it may be on its way, with neither user nor mark yet.
  if [ "$pid" = 0 ]; then patience=10; else reap_group "$pid" "$start"; fi
  if [ "$uid" -ge 1000 ]; then users="$users$uid "; else set -- "$@" -e "${SERVER_MARK}=\${record##*/}"; fi
done
round=0
while [ $round -lt 40 ]; do
  found=
  [ "$users" = ' ' ] || reap_users
  [ $# = 0 ] || reap_marked "$@"
  round=$((round + 1))
  [ -n "$found" ] && continue
  [ $round -gt $patience ] && break
  sleep 0.1 2>/dev/null || sleep 1
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
