# Before each transcript there is no jail.
for jail in $(jls jid); do jail -R "$jail"; done
