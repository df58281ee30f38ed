import { start } from "./boot";
import { SitterShell } from "./sitter/shell";

start("sitter", SitterShell);
