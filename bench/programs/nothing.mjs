// What a runtime takes to start and to end.
