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
  # Its bytes: no more are taken.
  $size = @@SIZE@@

  if ([Environment]::OSVersion.Version.Major -lt 10) { throw 'autocom needs @@WINDOWS@@ or later' }
  if (-not [Environment]::Is64BitOperatingSystem) { throw 'there is no autocom for 32-bit Windows' }
  # On Windows on ARM the x64 program runs under emulation, which that of Windows 10 does not have.
  $arm = ($env:PROCESSOR_ARCHITECTURE, $env:PROCESSOR_ARCHITEW6432) -contains 'ARM64'
  if ($arm -and [Environment]::OSVersion.Version.Build -lt 22000) { throw 'autocom needs Windows 11 on ARM' }
  # Not Invoke-WebRequest: that of Windows PowerShell makes the %2F of the address a slash, and GitLab finds nothing there.
  $curl = Join-Path $env:SystemRoot 'System32\curl.exe'
  if (-not (Test-Path -LiteralPath $curl)) { throw "there is no ${curl}: it is part of Windows 10 since version 1803" }

  if ($args.Count -gt 0) { throw "unknown argument ""$($args[0])"": install.ps1 [-Dir FOLDER]" }
  # The full path: what is written down for later is not meant from here.
  $Dir = (New-Item -ItemType Directory -Force -Path $Dir).FullName.TrimEnd('\')
  $program = Join-Path $Dir 'autocom.exe'
  if (Test-Path -LiteralPath $program -PathType Container) { throw "$program is a folder: name another one with -Dir" }
  $old = $null
  $work = Join-Path $Dir ('.autocom.' + [Guid]::NewGuid().ToString('N'))
  New-Item -ItemType Directory -Path $work | Out-Null
  try {
    Write-Host 'Downloading autocom @@VERSION@@'
    $zip = Join-Path $work 'archive.zip'
    $url = "@@BASE@@/$archive"
    $only = '=' + $url.Split(':')[0]
    & $curl --fail --silent --show-error --location --proto $only --proto-redir $only --max-redirs 5 `
      --retry 2 --retry-max-time 120 --connect-timeout 20 --speed-limit 1024 --speed-time 30 --max-time 7200 `
      --max-filesize $size --output $zip $url
    if ($LASTEXITCODE -ne 0) { throw "cannot download ${url}: nothing was installed" }
    $actual = (Get-FileHash -Algorithm SHA256 -LiteralPath $zip).Hash.ToLowerInvariant()
    if ($actual -ne $wanted) { throw "$archive has SHA-256 $actual, not ${wanted}: nothing was installed" }
    Expand-Archive -LiteralPath $zip -DestinationPath (Join-Path $work 'files')
    # Before it takes the place of one that runs.
    $new = Join-Path $work 'files\autocom.exe'
    & $new --version | Out-Null
    if ($LASTEXITCODE -ne 0) { throw "the program does not start in ${Dir}: nothing was installed" }
    if (Test-Path -LiteralPath $program) {
      # A running program can be renamed, not overwritten; one that is kept and runs cannot be removed.
      $kept = Join-Path $Dir 'autocom.exe.old'
      Remove-Item -Force -ErrorAction SilentlyContinue -LiteralPath $kept
      if (Test-Path -LiteralPath $kept) { throw "cannot remove ${kept}: end what runs from it, then install again" }
      $old = $kept
      Move-Item -Force -LiteralPath $program -Destination $old
    }
    Move-Item -LiteralPath $new -Destination $program
    Write-Host "Installed $program"
    if (($env:Path -split ';') -notcontains $Dir) {
      $quoted = $Dir.Replace("'", "''")
      # As it is kept: SetEnvironmentVariable would write down what %VARIABLES% in it stand for now.
      $path = "(Get-Item HKCU:\Environment).GetValue('Path', '', 'DoNotExpandEnvironmentNames') + ';$quoted'"
      Write-Host 'Add it to your PATH, then sign in anew:'
      Write-Host "  Set-ItemProperty HKCU:\Environment Path -Type ExpandString -Value ($path)"
    } else { Write-Host 'Next: autocom auth login' }
  } finally {
    # Whatever went wrong, Ctrl-C too: nobody is left without a program.
    if ($old -and -not (Test-Path -LiteralPath $program)) {
      Move-Item -ErrorAction Continue -LiteralPath $old -Destination $program
    }
    Remove-Item -Recurse -Force -ErrorAction SilentlyContinue -LiteralPath $work
  }
} @args
