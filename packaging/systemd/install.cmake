# Run at installation, which may choose another prefix than the configuration did: the unit then
# starts the program from there. Expects INSTALL_BINDIR (under the prefix) and STAGE, a directory.
string(REGEX REPLACE "/$" "" prefix "${CMAKE_INSTALL_PREFIX}")
file(READ ${CMAKE_CURRENT_LIST_DIR}/hupd@.service unit)
string(REPLACE "/usr/bin/hupd" "${prefix}/${INSTALL_BINDIR}/hupd" unit "${unit}")
string(REPLACE "/usr/share/doc" "${prefix}/share/doc" unit "${unit}")
file(WRITE ${STAGE}/hupd@.service "${unit}")
file(INSTALL ${STAGE}/hupd@.service ${CMAKE_CURRENT_LIST_DIR}/hupd@.socket
     DESTINATION ${prefix}/lib/systemd/system)
file(INSTALL ${CMAKE_CURRENT_LIST_DIR}/hupd.sysusers DESTINATION ${prefix}/lib/sysusers.d
     RENAME hupd.conf)
file(INSTALL ${CMAKE_CURRENT_LIST_DIR}/root.conf DESTINATION ${prefix}/share/doc/hupd/systemd)
