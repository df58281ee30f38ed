// What a text costs: the same count as shared/segments, held to the same vectors.

export interface Count {
  encoding: "GSM-7" | "UCS-2";
  units: number;
  parts: number;
  odd: string | null; // the first letter that made it UCS-2
}

const basic =
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
const extended = "\f^{}\\[~]|€";

function gsmWidth(letter: string): number {
  return basic.includes(letter) ? 1 : extended.includes(letter) ? 2 : 0;
}

export function countSegments(text: string): Count {
  let odd: string | null = null;
  for (const letter of text) {
    if (gsmWidth(letter) === 0) {
      odd = letter;
      break;
    }
  }
  const [single, several] = odd === null ? [160, 153] : [70, 67];
  let units = 0;
  let parts = 0;
  let fill = 0;
  for (const letter of text) {
    const w = odd === null ? gsmWidth(letter) : letter.length;
    units += w;
    if (parts === 0 || fill + w > several) {
      parts++;
      fill = 0;
    }
    fill += w;
  }
  if (units > 0 && units <= single) parts = 1;
  return { encoding: odd === null ? "GSM-7" : "UCS-2", units, parts, odd };
}

/** How much room the text has in the parts it already takes. */
export function capacity(c: Count): number {
  const [single, several] = c.encoding === "GSM-7" ? [160, 153] : [70, 67];
  return c.parts <= 1 ? single : several * c.parts;
}
