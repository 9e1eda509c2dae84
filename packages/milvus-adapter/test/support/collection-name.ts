let made = 0;

/** A name that no other test uses, since tests share servers. */
export function collectionName(): string {
  return `t_${process.pid}_${Date.now().toString(36)}_${++made}`;
}
