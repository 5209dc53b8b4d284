# Usage: unshare --net --mount sh room.sh FOLDER PROGRAM…
# Runs PROGRAM where nothing but loopback can be reached, where no file says "container", and where the system's opener
# of addresses is the stub beside this file. FOLDER is the room's own: it gets `root` (the root of files) and `opener`
# (a FIFO that the stub reports to).
set -eu
folder=$1 stub=$(dirname "$0")/xdg-open.sh
shift

ip link set lo up
mkdir "$folder/root"
mkfifo "$folder/opener"
mount -t tmpfs -o mode=755 room "$folder/root"
for entry in /* /.[!.]*; do
  if [ -L "$entry" ]; then cp -P "$entry" "$folder/root$entry"
  elif [ -d "$entry" ]; then mkdir "$folder/root$entry" && mount --rbind "$entry" "$folder/root$entry"
  fi # /.dockerenv is left out, as every file
done

opener=$folder/root/usr/bin/xdg-open
if [ ! -e "$opener" ]; then
  mkdir "$folder/root/.upper" "$folder/root/.work"
  opener=$folder/root/usr/local/bin/xdg-open
  upper="upperdir=$folder/root/.upper,workdir=$folder/root/.work"
  mount -t overlay -o "lowerdir=/usr/local/bin,$upper" room "$(dirname "$opener")"
  touch "$opener"
fi
sed "s|@FOLDER@|$folder|" "$stub" >"$folder/root/.opener"
chmod 755 "$folder/root/.opener"
mount --bind "$folder/root/.opener" "$opener"

exec chroot "$folder/root" "$@"
