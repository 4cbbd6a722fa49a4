# cpack runs this before it packs: Debian has its manual pages compressed, without the time of day in them.
file(GLOB pages ${CPACK_TEMPORARY_DIRECTORY}/leat/usr/share/man/man*/*.[1-8])
execute_process(COMMAND gzip -9 --no-name ${pages} COMMAND_ERROR_IS_FATAL ANY)
