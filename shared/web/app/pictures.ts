// Pictures that are about to be sent: made small enough for the carrier, and free of
// what a camera writes into them, before they leave the device.

export interface Picture {
  type: string;
  data: string; // base64
}

const most = 5; // in one message
const widest = 1600; // px: more is lost on the way to a phone
const light = 600_000; // bytes that every network takes
const heaviest = 4 << 20; // bytes that the server takes

export const morePictures = (have: Picture[], more: Picture[]) => [...have, ...more].slice(0, most);

export const preview = (p: Picture) => `data:${p.type};base64,${p.data}`;

/** The picture of a file, or nothing where it is none that could be sent. */
export async function pictureOf(file: File): Promise<Picture | null> {
  if (file.type === "image/gif" || (file.size <= light && file.type === "image/png")) {
    return file.size <= heaviest ? split(await read(file)) : null; // drawn again it would lose its movement, or its edges
  }
  try {
    const bitmap = await createImageBitmap(file);
    const scale = Math.min(1, widest / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    canvas.getContext("2d")?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    return split(canvas.toDataURL("image/jpeg", 0.82));
  } catch {
    return null; // no picture, or of a kind that this browser cannot read
  }
}

function read(file: File): Promise<string> {
  return new Promise((done, fail) => {
    const r = new FileReader();
    r.onload = () => done(String(r.result));
    r.onerror = () => fail(r.error ?? new Error("unreadable"));
    r.readAsDataURL(file);
  });
}

function split(url: string): Picture | null {
  const m = /^data:(image\/(?:jpeg|png|gif));base64,(.+)$/.exec(url);
  return m ? { type: m[1] as string, data: m[2] as string } : null;
}
