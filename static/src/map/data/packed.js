// @ts-check
/** Files of a copy are packed; whether the server has unpacked them on the way is seen from their first bytes. */

/** @param {ArrayBuffer} bytes */
export async function unpacked(bytes) {
  const [one, two] = new Uint8Array(bytes, 0, Math.min(2, bytes.byteLength));
  if (one !== 0x1f || two !== 0x8b) return bytes;
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).arrayBuffer();
}

/** What a packed file says as JSON. @param {string} address */
export async function packedJson(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return JSON.parse(new TextDecoder().decode(await unpacked(await answer.arrayBuffer())));
}

const TABLE = Uint32Array.from({length: 256}, (_, i) => {
  let c = i;
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

/** The CRC-32 of a text, by which buildings are spread over files. @param {string} text */
export function crc32(text) {
  let c = 0xffffffff;
  for (const byte of new TextEncoder().encode(text)) c = TABLE[(c ^ byte) & 0xff] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}
