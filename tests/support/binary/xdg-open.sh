#!/bin/sh
# Stands where the system's opener is: says something on both streams, then reports how it was started.
# The report: parent's name, then arguments, then environment, each ended by NUL; the parts by a line.
echo "opener: noise on stdout"
echo "opener: noise on stderr" >&2
{
  cat "/proc/$PPID/comm" "/proc/$$/cmdline"
  echo
  cat "/proc/$$/environ"
} >"@FOLDER@/opener"
