export function OwnerShell() { return <p>soon</p>; }
