// What runs first in the program, around its first script: it loads the others when they are asked for. They stand in a few
// files, as build/library.ts writes them: a list, and then the code of each with its bytecode behind it, if it has any.
// `FILES` is the list of what is in which file, where it is not the last one; `MAIN` the first script.
((Script, decoder, importModule, importFile) => {
  let files;
  const places = new Map(), loaded = new Map();
  const once = (name, make) => {
    if (!loaded.has(name)) loaded.set(name, make(name));
    return loaded.get(name);
  };
  const open = async (name) => {
    const { default: file } = await importFile(name);
    const size = new DataView(file.buffer, file.byteOffset).getUint32(0, true);
    for (const [name, place] of Object.entries(JSON.parse(decoder.decode(file.subarray(4, size))))) {
      places.set(name, [file.subarray(size), ...place]);
    }
  };
  const run = async (name) => {
    files ??= JSON.parse(FILES);
    if (!places.has(name)) await once(files[name] ?? "./rest.bin", open);
    const [scripts, code, codeEnd, made, madeEnd, ...needs] = places.get(name);
    const given = await Promise.all(needs.map(load));
    const cachedData = madeEnd > made ? scripts.subarray(made, madeEnd) : undefined;
    const script = new Script(decoder.decode(scripts.subarray(code, codeEnd)), { filename: name.slice(2), cachedData });
    return script.runInThisContext()(load, ...given);
  };
  const load = (name) => once(name, name.startsWith("./") ? run : importModule);
  loaded.set("./main.js", MAIN(load));
});
