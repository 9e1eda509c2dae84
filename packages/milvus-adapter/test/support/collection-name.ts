let made = 0;

/** A unique name, because tests share servers. */
export function collectionName(): string {
  return `t_${process.pid}_${Date.now().toString(36)}_${++made}`;
}
