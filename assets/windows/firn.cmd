@echo off
rem The command line of the installed Firn. Words after "--" are Firn's own; a batch file waits for the end.
"%~dp0Firn.exe" --cli -- %*
