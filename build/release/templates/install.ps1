# Installs autocom @@VERSION@@ for the user who runs it. Nothing whose SHA-256 differs from the one below is installed.
#
#   powershell -ExecutionPolicy Bypass -File install.ps1 [-Dir FOLDER]     default: %LOCALAPPDATA%\Programs\autocom
#
# Everything is one block that the last line closes: a download that was cut off runs nothing.
& {
  param([string]$Dir = (Join-Path $env:LOCALAPPDATA 'Programs\autocom'))
  $ErrorActionPreference = 'Stop'
  $ProgressPreference = 'SilentlyContinue'
  $archive = '@@ARCHIVE@@'
  $wanted = '@@SHA256@@'

  if ([Environment]::OSVersion.Version.Major -lt 10) { throw 'autocom needs @@WINDOWS@@ or later' }
  if (-not [Environment]::Is64BitOperatingSystem) { throw 'there is no autocom for 32-bit Windows' }
  # On Windows on ARM the x64 program runs under emulation.
  [Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor [Net.SecurityProtocolType]::Tls12

  New-Item -ItemType Directory -Force -Path $Dir | Out-Null
  $work = Join-Path $Dir ('.autocom.' + [Guid]::NewGuid().ToString('N'))
  New-Item -ItemType Directory -Path $work | Out-Null
  try {
    Write-Host 'Downloading autocom @@VERSION@@'
    $zip = Join-Path $work 'archive.zip'
    Invoke-WebRequest -UseBasicParsing -Uri "@@BASE@@/$archive" -OutFile $zip
    $actual = (Get-FileHash -Algorithm SHA256 -LiteralPath $zip).Hash.ToLowerInvariant()
    if ($actual -ne $wanted) { throw "$archive has SHA-256 $actual, not ${wanted}: nothing was installed" }
    Expand-Archive -LiteralPath $zip -DestinationPath (Join-Path $work 'files')
    $program = Join-Path $Dir 'autocom.exe'
    if (Test-Path -LiteralPath $program) {
      # A running program can be renamed, not overwritten.
      $old = Join-Path $Dir 'autocom.exe.old'
      Remove-Item -Force -ErrorAction SilentlyContinue -LiteralPath $old
      Move-Item -Force -LiteralPath $program -Destination $old
    }
    Move-Item -LiteralPath (Join-Path $work 'files\autocom.exe') -Destination $program
    Write-Host "Installed $program"
    if (($env:Path -split ';') -notcontains $Dir) {
      Write-Host 'Add it to your PATH:'
      Write-Host "  [Environment]::SetEnvironmentVariable('Path', [Environment]::GetEnvironmentVariable('Path', 'User') + ';$Dir', 'User')"
    } else { Write-Host 'Next: autocom auth login' }
  } finally {
    Remove-Item -Recurse -Force -ErrorAction SilentlyContinue -LiteralPath $work
  }
} @args
