# Run at installation, which may choose another prefix than the configuration did: the units then
# start the program from there. Expects INSTALL_BINDIR (under the prefix) and STAGE, a directory.
string(REGEX REPLACE "/$" "" prefix "${CMAKE_INSTALL_PREFIX}")
foreach(unit hupd@.service notify-reload.conf)
  file(READ ${CMAKE_CURRENT_LIST_DIR}/${unit} text)
  string(REPLACE "/usr/bin/hupd" "${prefix}/${INSTALL_BINDIR}/hupd" text "${text}")
  string(REPLACE "/usr/share/doc" "${prefix}/share/doc" text "${text}")
  file(WRITE ${STAGE}/${unit} "${text}")
endforeach()
file(INSTALL ${STAGE}/hupd@.service ${CMAKE_CURRENT_LIST_DIR}/hupd@.socket
     DESTINATION ${prefix}/lib/systemd/system)
file(INSTALL ${CMAKE_CURRENT_LIST_DIR}/hupd.sysusers DESTINATION ${prefix}/lib/sysusers.d
     RENAME hupd.conf)
file(INSTALL ${CMAKE_CURRENT_LIST_DIR}/root.conf ${STAGE}/notify-reload.conf
     DESTINATION ${prefix}/share/doc/hupd/systemd)
