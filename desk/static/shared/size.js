// @ts-check
/** How large something is, in words; pure. */

/**
 * "840 bytes", "84 KB", "1.2 MB".
 *
 * @param {number} bytes
 */
export function sizeText(bytes) {
  if (bytes < 1000) return bytes === 1 ? "1 byte" : `${bytes} bytes`;
  if (bytes < 999_500) return `${Math.round(bytes / 1000)} KB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
