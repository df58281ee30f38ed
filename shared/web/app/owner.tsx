import { start } from "./boot";
import { OwnerShell } from "./owner/shell";

start("owner", OwnerShell);
