@echo off
rem The tour of docs/first-fleet.md, as a script for cmd. It starts an emulator, finds and fixes two mistakes in a file, uploads
rem the file, lists the devices, and writes a report. The exit code is 0 only if every step did what it should.
rem
rem   samples\first-run.cmd              pcdevices is on the PATH
rem   samples\first-run.cmd PROGRAM      the path of pcdevices.exe
rem
rem Nothing outside a temporary directory changes.
setlocal EnableExtensions EnableDelayedExpansion

set "PROGRAM=%~1"
if not defined PROGRAM set "PROGRAM=pcdevices"
set "SAMPLES=%~dp0"
set "EMULATOR="
set /a TRIES=0
:create
rem Scripts that start in the same second get the same random numbers.
set /a TRIES+=1
if %TRIES% gtr 50 echo Cannot create a directory in "%TEMP%". 1>&2 & exit /b 1
set "WORK=%TEMP%\pcdevices-first-run-%RANDOM%%RANDOM%"
mkdir "%WORK%" 2>nul || goto create
set "STEP=start the emulator"

rem Settings of this machine do not matter.
set "PCDEVICES_CONFIG_DIR=%WORK%"
set "PCDEVICES_CUSTOMER=47021739-3426-40bf-9601-61b4b6d7c793"
set "PCDEVICES_PROFILE="
set "PCDEVICES_TOKEN="
set "PCDEVICES_TOKEN_FILE="

start "" /b "%PROGRAM%" emulator --listen 127.0.0.1:0 --world "%SAMPLES%world.yaml" >"%WORK%\ready.json" 2>"%WORK%\emulator.log" || goto failed
set /a TRIES=0
:wait
set /a TRIES+=1
if %TRIES% gtr 60 goto failed
for %%f in ("%WORK%\ready.json") do if %%~zf gtr 0 goto ready
ping -n 2 127.0.0.1 >nul
goto wait

:ready
rem One line of JSON: {"management":"...","pid":4711,"ready":true,"url":"http://127.0.0.1:8085","version":"..."}
for /f "usebackq tokens=2,4 delims={}," %%a in ("%WORK%\ready.json") do (
  for /f "usebackq tokens=1,* delims=:" %%i in ('%%a') do set "EMULATOR=%%j"
  for /f "usebackq tokens=1,* delims=:" %%i in ('%%b') do set "PCDEVICES_BASE_URL=%%~j"
)
if not defined EMULATOR goto failed
if not defined PCDEVICES_BASE_URL goto failed

set "STEP=find the row without a model"
"%PROGRAM%" check "%SAMPLES%first-fleet.csv"
if not %ERRORLEVEL%==3 goto failed

set "STEP=add the model"
for /f "usebackq delims=" %%l in ("%SAMPLES%first-fleet.csv") do (
  set "LINE=%%l"
  if "!LINE!"=="HQ-0004,,,Contoso," set "LINE=!LINE!Book 5"
  >>"%WORK%\fleet.csv" echo !LINE!
)
"%PROGRAM%" check "%WORK%\fleet.csv"
if not %ERRORLEVEL%==0 goto failed

set "STEP=upload the file, of which the service refuses one device"
"%PROGRAM%" upload "%WORK%\fleet.csv" --batch "Berlin office" --journal "%WORK%\berlin.journal"
if not %ERRORLEVEL%==1 goto failed

set "STEP=fix the model and upload the rest"
for /f "usebackq delims=" %%l in ("%WORK%\fleet.csv") do (
  set "LINE=%%l"
  >>"%WORK%\fixed.csv" echo !LINE:Book5=Book 5!
)
"%PROGRAM%" upload "%WORK%\fixed.csv" --batch "Berlin office" --journal "%WORK%\berlin.journal" --report "%WORK%\berlin.html"
if not %ERRORLEVEL%==0 goto failed
if not exist "%WORK%\berlin.html" goto failed

set "STEP=assign a policy"
"%PROGRAM%" devices assign-policy "%WORK%\fixed.csv" --policy "Straight to the desktop" --yes
if not %ERRORLEVEL%==0 goto failed

set "STEP=list the devices"
"%PROGRAM%" batches list
if not %ERRORLEVEL%==0 goto failed
"%PROGRAM%" devices list --csv >"%WORK%\devices.csv"
if not %ERRORLEVEL%==0 goto failed
for %%s in (HQ-0002 HQ-0003 HQ-0004 HQ-0005) do (
  findstr /c:"%%s" "%WORK%\devices.csv" || goto failed
)

set "STEP=create the report again"
"%PROGRAM%" report "%WORK%\berlin.journal" --csv --output "%WORK%\berlin.csv"
if not %ERRORLEVEL%==0 goto failed
if not exist "%WORK%\berlin.csv" goto failed

call :clean
echo The first run is complete.
exit /b 0

:failed
echo The first run failed at this step: %STEP%. 1>&2
call :stop
if exist "%WORK%\emulator.log" type "%WORK%\emulator.log" 1>&2
call :clean
exit /b 1

:stop
if defined EMULATOR taskkill /f /pid %EMULATOR% >nul
set "EMULATOR="
exit /b 0

:clean
call :stop
rd /s /q "%WORK%"
exit /b 0
